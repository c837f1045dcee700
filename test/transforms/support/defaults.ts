import { bracketsOf, funnelOf } from '../../../src/activities/rules.ts';
import { configSchema } from '../../../src/config/schema.ts';

const config = configSchema.parse({});

/** The funnel that is configured when nothing else is said. */
export const defaultFunnel = funnelOf(config);

/** The brackets of retention that are configured when nothing else is said. */
export const defaultBrackets = bracketsOf(config);
