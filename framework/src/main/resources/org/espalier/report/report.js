"use strict";
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const narrow = window.matchMedia("(max-width: 640px)");
  const hidden = new Set();

  const tint = (hex, opacity) => {
    const n = parseInt(hex.slice(1), 16);
    return `rgba(${n >> 16},${(n >> 8) & 255},${n & 255},${opacity})`;
  };

  const styled = (chart, trace, mode) => {
    const colour = tint(trace.meta[mode], trace.meta.opacity);
    return {
      ...trace,
      visible: !hidden.has(chart.id + trace.legendgroup),
      line: { ...trace.line, color: colour },
      marker: { ...trace.marker, color: colour },
      fillcolor: colour,
    };
  };

  const axis = (spec, style) => {
    const shown = {
      title: { text: spec.title, standoff: 10, font: { size: 13 } },
      gridcolor: style.grid, linecolor: style.grid, zeroline: false, automargin: true,
      type: spec.log ? "log" : "linear",
    };
    if (spec.falling) shown.autorange = "reversed";
    if (spec.range) shown.range = spec.range;
    if (spec.ticks.length) {
      const step = narrow.matches && spec.ticks.length > 6 ? 2 : 1;
      const kept = (list) => list.filter((_, i) => i % step === 0);
      Object.assign(shown, { tickvals: kept(spec.ticks), ticktext: kept(spec.labels), tickangle: 0 });
    }
    if (spec.log && !spec.ticks.length) Object.assign(shown, { dtick: "D2", minorgridcount: 0 });
    return shown;
  };

  const layout = (chart, style) => ({
    height: narrow.matches ? 320 : 420,
    margin: { l: 56, r: 14, t: 12, b: 48 },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: {
      family: "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif",
      size: narrow.matches ? 11 : 12.5, color: style.ink,
    },
    hovermode: chart.unified && !narrow.matches ? "x unified" : "closest",
    hoverlabel: { bgcolor: style.card, bordercolor: style.grid, font: { color: style.ink }, namelength: -1 },
    showlegend: false,
    dragmode: narrow.matches ? false : "zoom",
    xaxis: { ...axis(chart.x, style), hoverformat: ",.4~g" },
    yaxis: axis(chart.y, style),
  });

  /* A legend of our own: it wraps on a phone, and Plotly's does not. */
  const legend = (chart, place, mode) => {
    const list = place.previousElementSibling;
    list.replaceChildren();
    const named = chart.traces.filter((trace, i, all) =>
      trace.label !== undefined && all.findIndex((other) => other.label === trace.label) === i);
    if (named.length < 2) return;
    for (const trace of named) {
      const key = chart.id + trace.legendgroup;
      const entry = document.createElement("button");
      entry.type = "button";
      entry.setAttribute("aria-pressed", String(!hidden.has(key)));
      const swatch = document.createElement("span");
      swatch.className = trace.mode === "markers" ? "swatch star" : "swatch";
      swatch.textContent = trace.mode === "markers" ? "\u2605" : "";
      swatch.style.color = trace.meta[mode];
      swatch.style.borderTopStyle = trace.line.dash === "solid" ? "solid" : "dashed";
      entry.append(swatch, trace.label);
      entry.addEventListener("click", () => {
        if (!hidden.delete(key)) hidden.add(key);
        draw(chart);
      });
      list.append(entry);
    }
  };

  const draw = (chart) => {
    const place = document.getElementById("plot-" + chart.id);
    if (!place) return;
    const mode = dark.matches ? "dark" : "light";
    const style = dark.matches
      ? { ink: "#e7eaee", grid: "#343b44", card: "#22272e" }
      : { ink: "#1d2126", grid: "#e1e4e8", card: "#ffffff" };
    legend(chart, place, mode);
    Plotly.react(place, chart.traces.map((trace) => styled(chart, trace, mode)), layout(chart, style), {
      responsive: true, displaylogo: false, displayModeBar: false,
    });
  };

  const drawAll = () => charts.forEach(draw);
  drawAll();
  dark.addEventListener("change", drawAll);
  narrow.addEventListener("change", drawAll);
})();
