import { log, proxyActivities } from '@temporalio/workflow';

const { say } = proxyActivities<{ say(input: { readonly day: string }): Promise<void> }>({
  startToCloseTimeout: '10s',
});

/** Says something through the SDK's logger, in workflow code and in an activity. */
export async function sayWorkflow(input: { readonly day: string }): Promise<void> {
  log.info('said in a workflow');
  await say(input);
}
