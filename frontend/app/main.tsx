/** The app: what the address says is shown, and every change is answered at once. */
import { render } from "preact";
import { CasePage } from "./case/CasePage";
import { watchPrint } from "./case/print";
import { beginComparison } from "./compare/compared";
import { GoodsPage } from "./goods/GoodsPage";
import { NewCase } from "./new/NewCase";
import { StartPage } from "./start/StartPage";
import { beginResults } from "./store/results";
import { beginRoute, page } from "./store/route";
import { said } from "./store/said";
import { Coded } from "./ui/Coded";
import { learnTerms } from "./ui/Explained";
import { busy, done, watchPresses } from "./store/settled";

function Page() {
  if (page.value === "start") return <StartPage />;
  if (page.value === "new") return <NewCase />;
  if (page.value === "goods") return <GoodsPage />;
  return <CasePage />;
}

function Said() {
  return <p id="said" class="unseen" role="status" aria-live="polite">{said.value}</p>;
}

/** The server cannot be asked at all: nothing can be shown but that. */
function Failed({ error }: { error: Error }) {
  return (
    <>
      <header class="bar-top"><span class="brand">détente</span></header>
      <main class="start" id="results">
        <h1>The app could not begin</h1>
        <div id="fault" class="fault" role="alert">
          <p><Coded text={error.message} /></p>
          <p class="buttons"><button type="button" onClick={() => location.reload()}>Try again</button></p>
        </div>
      </main>
    </>
  );
}

async function start() {
  const root = document.getElementById("app") as HTMLElement;
  busy("start");
  watchPresses();
  watchPrint();
  beginResults();
  beginComparison();
  document.documentElement.classList.add("drawn");
  try {
    await beginRoute();
    root.replaceChildren();
    render(<><Page /><Said /></>, root);
  } catch (error) {
    root.replaceChildren();
    render(<Failed error={error} />, root);
    console.error(error);
  }
  done("start");
  learnTerms();
}

start();
