/** A message in which what stands between backticks is a command. */
export function Coded({ text }: { text: string }) {
  return <>{text.split("`").map((part, k) => (k % 2 ? <code>{part}</code> : part))}</>;
}
