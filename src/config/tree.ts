/** The value at a dotted path; undefined where there is none. */
export function valueAt(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, part) => (isTree(at) ? at[part] : undefined), tree);
}

/** Sets the value at a dotted path and makes the sections that lead to it. */
export function setValueAt(tree: Record<string, unknown>, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop() ?? path;
  let at = tree;
  for (const part of parts) {
    const next = at[part];
    const section = isTree(next) ? next : {};
    at[part] = section;
    at = section;
  }
  at[last] = value;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
