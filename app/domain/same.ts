/** Whether two plain values (JSON) say the same, whatever the order of their keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const right = new Map(Object.entries(b));
  const present = Object.entries(a).filter(([, value]) => value !== undefined);
  const others = [...right].filter(([, value]) => value !== undefined);
  return present.length === others.length && present.every(([key, value]) => isSame(value, right.get(key)));
}
