/** A text with characters that can't be seen, or that turn others around, written as `\u202e`; what stands there is what it is. */
export function makeVisible(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (one) => `\\u${one.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  );
}
