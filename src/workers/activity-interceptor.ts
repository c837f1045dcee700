import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import { type LineFields, lineFieldsOf } from '../activities/line-fields.ts';

/** Gives the lines that the SDK, or code through the SDK's logger, writes about an activity the fields of Questline's own. */
export function nameActivity({ info }: Context): ActivityInterceptors {
  let fields: LineFields = lineFieldsOf(info, undefined);
  return {
    inbound: {
      execute: (input, next) => {
        fields = lineFieldsOf(info, input.args[0]);
        return next(input);
      },
    },
    outbound: { getLogAttributes: (attributes, next) => next({ ...attributes, ...fields }) },
  };
}
