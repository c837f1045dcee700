import { InterceptingCall, type Interceptor, Metadata, status } from '@grpc/grpc-js';

const closed = { code: status.CANCELLED, details: 'The connection to Temporal is closed' };

/**
 * A gRPC interceptor for below the one that asks again: an attempt on a connection that was closed meanwhile ends its call
 * with CANCELLED. Without it gRPC throws, and in the timer of the next attempt nobody catches that.
 */
export const endAttemptWhenClosed: Interceptor = (options, nextCall) => {
  try {
    return new InterceptingCall(nextCall(options));
  } catch (error) {
    if (!(error instanceof Error && error.message === 'Channel has been shut down')) throw error;
    return new InterceptingCall({
      start: (_metadata, listener) => {
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({ ...closed, metadata: new Metadata() });
      },
      cancelWithStatus: () => {},
      getPeer: () => '',
      sendMessageWithContext: () => {},
      sendMessage: () => {},
      startRead: () => {},
      halfClose: () => {},
      getAuthContext: () => null,
    });
  }
};
