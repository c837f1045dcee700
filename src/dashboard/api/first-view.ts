/** What a page is rendered ahead from. */
export interface FirstViewRequest {
  /** Path and query of the page. */
  readonly url: string;
  /** BCP 47 tag of the language in which dates and numbers are written. */
  readonly language: string;
  /** Asks the API; null when it refuses, or takes too long. */
  readonly ask: (path: string) => Promise<object | null>;
}

/** A page as its reader sees it before its script runs. */
export interface FirstView {
  readonly html: string;
  /** The answers in it, which the script need not ask for, as text for an element of HTML. */
  readonly known: string;
}

/** The module that renders pages ahead. */
export interface FirstViewModule {
  readonly renderFirstView: (request: FirstViewRequest) => Promise<FirstView>;
}
