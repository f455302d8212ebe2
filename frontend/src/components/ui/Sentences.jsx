/**
 * Reasons, one a line, under a heading; nothing when there are none.
 * @param {{ title: string, sentences: string[], Icon: import('lucide-react').LucideIcon, colour: string }} props
 */
export function Sentences({ title, sentences, Icon, colour }) {
  if (sentences.length === 0) return null
  return (
    <section>
      <h3 className="mb-2 font-semibold">{title}</h3>
      <ul className="flex flex-col gap-1.5">
        {sentences.map((sentence) => (
          <li key={sentence} className="flex gap-2">
            <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${colour}`} />
            {sentence}
          </li>
        ))}
      </ul>
    </section>
  )
}
