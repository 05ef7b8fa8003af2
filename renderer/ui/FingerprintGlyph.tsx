/** Bars from the hex digits, mirrored about a line: equal secrets look equal. Drawn in currentColor. */
export function FingerprintGlyph({ hex, height = 16 }: { hex: string; height?: number }) {
  const bars = Array.from(hex.slice(0, 12), (digit) => parseInt(digit, 16))
  return (
    <svg width={36} height={height} viewBox={`0 0 36 ${height}`} aria-hidden style={{ flex: 'none' }}>
      {bars.map((value, index) => {
        const tall = 2 + (value / 15) * (height - 2)
        const at = { x: index * 3, y: (height - tall) / 2, width: 2, height: tall }
        return <rect key={index} {...at} rx={0.6} fill="currentColor" />
      })}
    </svg>
  )
}
