/** What was refused, in sight wherever the page stands. */
import { fault, hideFault } from "../store/faults";
import { Coded } from "../ui/Coded";

export function FaultBox() {
  const shown = fault.value;
  return (
    <div id="fault" class="fault" role="alert" tabIndex={-1} hidden={!shown}>
      {shown ? (
        <>
          {shown.heading ? <p><strong>{shown.heading}</strong></p> : null}
          {shown.faults.length ? (
            <ul>{shown.faults.map((one) => <li>{one.whose ? <b>{`${one.whose}: `}</b> : null}<Coded text={one.words} /></li>)}</ul>
          ) : <p><Coded text={shown.message} /></p>}
          <p class="buttons">
            {shown.again ? <button type="button" id="again" onClick={shown.again}>Try again</button> : null}
            <button type="button" aria-label="Close the message" onClick={hideFault}>Close</button>
          </p>
        </>
      ) : null}
    </div>
  );
}
