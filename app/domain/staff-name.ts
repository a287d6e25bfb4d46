/** A person's name as it stands beside what they do; null when it is none. Pure. */
export function readStaffName(text: string | null): string | null {
  const name = (text ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim();
  return name.length >= 1 && name.length <= 60 && !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\uFFFD]/u.test(name) ? name : null;
}
