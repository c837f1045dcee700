/**
 * Whether a Node can run Questline as it is: it strips TypeScript's types by itself and reads zstd (22.18, 23.6, 24 on).
 * @param {string} version such as `24.21.0`
 */
export function isGoodRuntime(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 8;
  return major >= 24;
}

/**
 * Why a Node can't even set Questline up, or null.
 * @param {string} version
 */
export function explainTooOld(version) {
  const major = Number(version.replace(/^v/, '').split('.')[0]);
  if (major >= 20) return null;
  return `Questline needs Node 20 or newer; this is Node ${version}. Install a current Node from https://nodejs.org and run the command again.`;
}
