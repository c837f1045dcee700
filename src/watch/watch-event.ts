import type { DayRange } from '../domain/day.ts';

/** Something that the watch did, or that people should know. */
export interface WatchEvent {
  /**
   * `started`: a run was; `joined`: the run under way was told to look again; `held` and `ended`: what became of a run;
   * `left`: nothing was done, and why; `notice`: about the watch itself.
   */
  readonly event: 'started' | 'joined' | 'held' | 'ended' | 'left' | 'notice';
  /** Null when it is about no day. */
  readonly days: DayRange | null;
  readonly text: string;
  /** To the run in Web UI. */
  readonly link: string | null;
}

/** Takes events as they happen. */
export type TellEvent = (event: WatchEvent) => void;
