import { create } from 'qrcode';

const QUIET = 4;

/** A QR code as a drawing, dark on light, made here: nobody else learns what it says. */
export function QrCode({ text, alt }: { text: string; alt: string }) {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  let path = '';
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (data[y * size + x]) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
    }
  }
  const edge = size + 2 * QUIET;
  return (
    <svg className="qr" viewBox={`0 0 ${edge} ${edge}`} role="img" aria-label={alt} shapeRendering="crispEdges">
      <rect width={edge} height={edge} fill="#fff" />
      <path d={path} />
    </svg>
  );
}
