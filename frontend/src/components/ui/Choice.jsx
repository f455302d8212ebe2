/**
 * One of a few values, as a row of radio buttons.
 * @template {string | number | null} Value
 * @param {{ label: string, name: string, options: { value: Value, text: string }[], value: Value, onChange: (value: Value) => void }} props
 */
export function Choice({ label, name, options, value, onChange }) {
  return (
    <fieldset className="flex rounded-md border border-line bg-page p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.text}
          className="relative grid min-h-7 cursor-pointer place-items-center rounded px-2.5 text-xs text-muted has-checked:bg-raised has-checked:font-semibold has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:min-h-11"
        >
          <input
            type="radio"
            name={name}
            className="absolute inset-0 cursor-pointer opacity-0"
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.text}
        </label>
      ))}
    </fieldset>
  )
}
