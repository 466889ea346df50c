/** Lines between countries: white where settled, dashed where the status is undetermined. */
import { feature } from "topojson-client";
import { MUTED } from "./palette.js";

export const SEA = "#f3f6f8";

export function borders(plate, world, path) {
  const line = (name, dashes) => plate.append("path").attr("class", name)
    .attr("d", path(feature(world, world.objects[name]))).attr("fill", "none")
    .attr("stroke", dashes ? MUTED : "#ffffff").attr("stroke-width", dashes ? 0.7 : 0.6)
    .attr("stroke-dasharray", dashes).attr("pointer-events", "none");
  line("borders", null);
  line("disputed", "2 2");
}
