import type { ProviderFace } from './provider-face';

/** The neutral mark of a provider, or its licensed logo. Says nothing to a screen reader: the name stands beside it. */
export function Tile({ face }: { face: ProviderFace }) {
  if (face.logo) return <img className="tile" src={face.logo} alt="" width={44} height={44} />;
  // Drawn as a picture, so that the colour needs no style attribute.
  return (
    <svg className="tile" viewBox="0 0 44 44" width={44} height={44} aria-hidden="true">
      <rect width={44} height={44} rx={8} fill={face.brand.tile.colour} />
      <text x={22} y={28} fill="#fff">
        {face.brand.tile.letters}
      </text>
    </svg>
  );
}
