/** The button that opens a case file of the person who looks. */
import { openFile } from "../store/route";

export function OpenFile() {
  return (
    <label class="button file" for="open">Open a case file
      <input type="file" id="open" class="unseen" accept=".yaml,.yml" onChange={(event) => {
        const chosen = event.currentTarget.files?.[0];
        if (chosen) openFile(chosen);
        event.currentTarget.value = "";
      }} />
    </label>
  );
}
