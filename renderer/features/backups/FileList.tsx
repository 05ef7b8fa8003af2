import c from './Backups.module.css'

/** Files, each with what is said of it. Many of them scroll. */
export function FileList({ label, files }: { label: string; files: readonly (readonly [path: string, of: string])[] }) {
  return (
    <ul className={c.files} tabIndex={0} aria-label={label}>
      {files.map(([path, of]) => (
        <li key={path}>
          <code className="mono">{path}</code>
          <span>{of}</span>
        </li>
      ))}
    </ul>
  )
}
