/** What others have said, held against the numbers: asked for, or with all regimes. */
import { askClaims, claims, isOld } from "../store/results";
import { Table } from "../table/Table";

export function Claims() {
  const found = claims.value;
  return (
    <section id="claims-section" aria-labelledby="c-claims">
      <h3 id="c-claims" tabIndex={-1}>What others have said</h3>
      <button type="button" id="ask-claims" hidden={found !== null} onClick={() => askClaims()}>
        Hold the claims against these numbers</button>
      <div id="claims-live" class={`table ${isOld(found) ? "stale" : ""}`}>
        {found ? <Table table={found.data} id="claims-live" /> : null}
      </div>
    </section>
  );
}
