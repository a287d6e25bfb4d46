/** What the charts by day share: their size, the scale on the left, the days along the bottom. */
export const WIDTH = 720;
export const HEIGHT = 240;
export const EDGE = { top: 12, right: 12, bottom: 28, left: 96 };

/** Lines across, with their values. */
export function Scale({ ticks, y, text }: { ticks: readonly number[]; y: (value: number) => number; text: (tick: number) => string }) {
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(tick)} y2={y(tick)} stroke="#d8d8db" />
          <text x={EDGE.left - 6} y={y(tick) + 4} textAnchor="end">
            {text(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** As many days along the bottom as can be read. */
export function Days({ days, x }: { days: readonly string[]; x: (day: string) => number }) {
  const step = Math.ceil(days.length / 10);
  return (
    <g>
      {days
        .filter((_, i) => i % step === 0)
        .map((day) => (
          <text key={day} x={x(day)} y={HEIGHT - 8} textAnchor="middle">
            {`${Number(day.slice(5, 7))}/${Number(day.slice(8))}`}
          </text>
        ))}
    </g>
  );
}
