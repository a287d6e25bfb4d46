import { createRequire } from 'node:module';
import path from 'node:path';
import { Writable } from 'node:stream';
import { type Font, openSync } from 'fontkit';
import PdfDocument from 'pdfkit';
import { create } from 'qrcode';
import type { Letter } from './letter';

/** Noto Sans JP comes with the packages; only the characters that are used go into the file. */
const FONTS = path.join(path.dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-jp')), '..', 'fonts');
const MM = 72 / 25.4;
const PAGE = { width: 210 * MM, height: 297 * MM, left: 25 * MM, right: 185 * MM };
const INK = '#1a1a1a';
const GREY = '#555555';
/** JIS 長形3号 with a window, the letter folded in three: the address stands in the first third. */
const WINDOW = { x: 25 * MM, y: 22 * MM, width: 85 * MM };
const QR_SIZE = 36 * MM;
/** Where the parts begin that stand at a fixed place, and where the page ends for most printers. */
const SUBJECT_TOP = 97 * MM;
const LEAD_TOP = 110 * MM;
const FOOT = PAGE.height - 8 * MM;

/** Letters as one PDF, a page each. Pages leave as they are drawn: memory does not grow with their number. */
export class LetterPdf {
  private readonly doc = new PdfDocument({
    size: 'A4',
    autoFirstPage: false,
    margin: 0,
    // The same letters give the same file.
    info: { Title: 'letters', Producer: 'uketori', Creator: 'uketori', CreationDate: new Date(0) },
  });

  constructor(out: NodeJS.WritableStream) {
    this.doc.pipe(out);
    this.doc.registerFont('plain', path.join(FONTS, 'NotoSansJP-Regular.otf'));
    this.doc.registerFont('bold', path.join(FONTS, 'NotoSansJP-Bold.otf'));
  }

  /** Draws one letter on its own page. @returns whether everything found its place on it */
  add(letter: Letter): boolean {
    const { doc } = this;
    doc.addPage();
    const { page } = doc;
    this.address(letter);
    const isHeadFree = this.head(letter);
    let y = this.text(letter.lead.join('\n'), { y: LEAD_TOP, size: 11 });
    y = this.facts(letter, y + 4 * MM);
    y = this.way(letter, y + 6 * MM);
    y = this.section('この案内が本物か確かめるには', letter.real, y + 5 * MM);
    y = this.section('お問い合わせ', letter.help, y + 4 * MM);
    y = this.text(letter.english.join('\n'), { y: Math.max(y + 6 * MM, 268 * MM), size: 8, color: GREY });
    // What runs over the page's end begins another one.
    return isHeadFree && doc.page === page && y <= FOOT;
  }

  /** Ends the file. */
  end(): void {
    this.doc.end();
  }

  private address({ name }: Letter): void {
    const { x, y, width } = WINDOW;
    this.text(`${name}　様`, { x, y: y + 3 * MM, width, size: 13 });
  }

  private head({ date, office, number, subject }: Letter): boolean {
    const side = { x: 115 * MM, width: PAGE.right - 115 * MM, align: 'right' as const };
    let y = this.text(date, { ...side, y: 62 * MM, size: 10 });
    y = this.text(office, { ...side, y: y + 1 * MM, size: 10 });
    y = this.text(number, { ...side, y: y + 1 * MM, size: 9, color: GREY });
    return y <= SUBJECT_TOP && this.text(subject, { y: SUBJECT_TOP, size: 15, font: 'bold', align: 'center' }) <= LEAD_TOP;
  }

  private facts({ facts }: Letter, top: number): number {
    const { doc } = this;
    const row = 8 * MM;
    facts.forEach(([label, value], i) => {
      const y = top + i * row;
      doc.moveTo(PAGE.left, y).lineTo(PAGE.right, y).lineWidth(0.5).strokeColor('#bbbbbb').stroke();
      this.text(label, { y: y + 2.2 * MM, size: 10, color: GREY });
      this.text(value, { x: PAGE.left + 40 * MM, y: y + 1.7 * MM, size: 12, font: 'bold' });
    });
    const end = top + facts.length * row;
    doc.moveTo(PAGE.left, end).lineTo(PAGE.right, end).stroke();
    return end;
  }

  private way({ how, link }: Letter, top: number): number {
    const width = PAGE.right - PAGE.left - QR_SIZE - 8 * MM;
    const heading = this.text('受け取り方', { y: top, size: 11, font: 'bold' });
    let y = this.text(how.join('\n'), { y: heading + 1 * MM, width, size: 10 });
    this.qr(link, PAGE.right - QR_SIZE, top);
    const from = y + 2 * MM;
    y = this.text(link, { y: from, width, size: 10, font: 'bold' });
    // Whoever checks the file on a screen can open it.
    this.doc.link(PAGE.left, from, width, y - from, link);
    return Math.max(y, top + QR_SIZE);
  }

  private section(title: string, lines: readonly string[], top: number): number {
    const y = this.text(title, { y: top, size: 11, font: 'bold' });
    return this.text(lines.join('\n'), { y: y + 1 * MM, size: 10 });
  }

  /** Drawn as squares of the page itself: sharp on every printer. Level Q still reads with a quarter of it spoilt. */
  private qr(link: string, left: number, top: number): void {
    const { modules } = create(link, { errorCorrectionLevel: 'Q' });
    // Four empty modules around it, as ISO/IEC 18004 asks.
    const side = QR_SIZE / (modules.size + 8);
    for (let row = 0; row < modules.size; row += 1) {
      for (let column = 0; column < modules.size; column += 1) {
        if (modules.get(row, column)) this.doc.rect(left + (column + 4) * side, top + (row + 4) * side, side, side);
      }
    }
    this.doc.fill('#000000');
  }

  /** Writes lines from a point; gives back where the next may begin. */
  private text(
    text: string,
    {
      x = PAGE.left,
      y,
      width = PAGE.right - PAGE.left,
      size,
      font = 'plain',
      color = INK,
      align = 'left',
    }: {
      x?: number;
      y: number;
      width?: number;
      size: number;
      font?: 'plain' | 'bold';
      color?: string;
      align?: 'left' | 'right' | 'center';
    },
  ): number {
    this.doc.font(font).fontSize(size).fillColor(color);
    this.doc.text(text, x, y, { width, align, lineGap: size * 0.15 });
    return this.doc.y;
  }
}

/** Whether a letter stays on its page, every part in its place. Drawn as it would be printed; never ended, so no font is cut for it. */
export function letterFits(letter: Letter): boolean {
  const key = JSON.stringify(letter);
  let fits = measured.get(key);
  if (fits === undefined) {
    fits = new LetterPdf(new Writable({ write: (_bytes, _encoding, done) => done() })).add(letter);
    if (measured.size >= MEASURED_MOST) measured.clear();
    measured.set(key, fits);
  }
  return fits;
}

/** Reading the fonts takes a third of a second, and a programme is looked at more often than it changes. */
const measured = new Map<string, boolean>();
const MEASURED_MOST = 100;

let font: Font | undefined;

/** A text with 〓 for every character that the font lacks, as printers do, to be written in by hand. */
export function printable(text: string): { readonly text: string; readonly whole: boolean } {
  font ??= openSync(path.join(FONTS, 'NotoSansJP-Regular.otf')) as Font;
  const has = (sign: string) => font?.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0) === true;
  const shown = [...text].map((sign) => (has(sign) || sign === '\n' ? sign : '〓')).join('');
  return { text: shown, whole: shown === text };
}
