const FIRST_SLOTS = 1 << 12;
const FIRST_BYTES = 1 << 16;
/** FNV-1a, 32 bits. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * A set of short texts for files of millions of rows: about 25 bytes for each instead of the 100 or so of a Set of
 * strings. Exact: texts are compared, not only their hashes.
 */
export class NumberSet {
  /** Where a text begins in `units`, plus one; 0 for a free slot. */
  private slots = new Uint32Array(FIRST_SLOTS);
  /** Texts one after the other, each as its length and its UTF-16 units. */
  private units = new Uint16Array(FIRST_BYTES);
  private end = 0;
  private size = 0;

  /** Adds a text of at most 65,535 units. @returns false when it was in already */
  add(text: string): boolean {
    if (this.size * 2 >= this.slots.length) this.growSlots();
    const slot = this.slotOf(text);
    if (this.slots[slot] !== 0) return false;
    if (this.end + text.length + 1 > this.units.length) this.growUnits(text.length + 1);
    this.slots[slot] = this.end + 1;
    this.units[this.end] = text.length;
    for (let i = 0; i < text.length; i += 1) this.units[this.end + 1 + i] = text.charCodeAt(i);
    this.end += text.length + 1;
    this.size += 1;
    return true;
  }

  /** The slot that holds the text, or the free one where it belongs. */
  private slotOf(text: string): number {
    let hash = FNV_OFFSET;
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
    const mask = this.slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const at = this.slots[slot] ?? 0;
      if (at === 0 || this.holds(at - 1, text)) return slot;
    }
  }

  private holds(at: number, text: string): boolean {
    if (this.units[at] !== text.length) return false;
    for (let i = 0; i < text.length; i += 1) if (this.units[at + 1 + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  private growSlots(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    const mask = this.slots.length - 1;
    for (const at of old) {
      if (at === 0) continue;
      let slot = this.hashAt(at - 1) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = at;
    }
  }

  private hashAt(at: number): number {
    let hash = FNV_OFFSET;
    const length = this.units[at] ?? 0;
    for (let i = 1; i <= length; i += 1) hash = Math.imul(hash ^ (this.units[at + i] ?? 0), FNV_PRIME);
    return spread(hash);
  }

  private growUnits(needed: number): void {
    const larger = new Uint16Array(Math.max(this.units.length * 2, this.end + needed));
    larger.set(this.units);
    this.units = larger;
  }
}

/** The low bits choose the slot: let the high ones have a say. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}
