/** What was asked of Questline can't be done as things stand; the message says why, and what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
