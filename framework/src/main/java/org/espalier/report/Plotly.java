package org.espalier.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.espalier.report.Chart.Axis;
import org.espalier.report.Chart.Colour;
import org.espalier.report.Chart.Look;
import org.espalier.report.Chart.Scale;
import org.espalier.report.Chart.Trace;

/**
 * Charts as the JSON that {@code report.js} hands to Plotly. Colours stay pairs here; the script picks one of each as
 * the reader's screen is light or dark.
 */
final class Plotly {
    private Plotly() {}

    static Map<String, Object> json(Chart chart) {
        List<Map<String, Object>> traces = new ArrayList<>();
        List<String> groups =
                chart.traces().stream().map(Trace::group).distinct().toList();
        for (Trace trace : chart.traces()) {
            String group = "g" + groups.indexOf(trace.group());
            if (trace.banded()) traces.addAll(band(trace, group));
            traces.add(line(trace, group, chart.y().scale()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", chart.id());
        json.put("x", axis(chart.x()));
        json.put("y", axis(chart.y()));
        json.put("unified", chart.x().scale() == Scale.LOG_FALLING);
        json.put("traces", traces);
        return json;
    }

    private static Map<String, Object> line(Trace trace, String group, Scale scale) {
        Map<String, Object> json = points(trace, trace.y(), scale);
        json.put("name", literal(trace.name()));
        json.put("label", trace.group());
        json.put("legendgroup", group);
        json.put("mode", mode(trace.look()));
        json.put("hovertemplate", "%{y:,.5~g}");
        json.put("meta", colours(trace.colour(), 1));
        json.put("line", Map.of("width", trace.look() == Look.LINE ? 1.8 : 1.6, "dash", dash(trace.look())));
        json.put("marker", marker(trace.look()));
        return json;
    }

    private static List<Map<String, Object>> band(Trace trace, String group) {
        List<Map<String, Object>> edges = new ArrayList<>();
        for (double[] edge : List.of(trace.low(), trace.high())) {
            Map<String, Object> json = points(trace, edge, Scale.LINEAR);
            json.put("legendgroup", group);
            json.put("mode", "lines");
            json.put("hoverinfo", "skip");
            json.put("line", Map.of("width", 0));
            json.put("meta", colours(trace.colour(), 0.16));
            json.put("fill", edge == trace.low() ? "none" : "tonexty");
            edges.add(json);
        }
        return edges;
    }

    private static Map<String, Object> points(Trace trace, double[] y, Scale scale) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "scatter");
        json.put("x", rounded(trace.x()));
        json.put(
                "y",
                rounded(
                        scale == Scale.LOG
                                ? DoubleStream.of(y)
                                        .map(v -> v > 0 ? v : Double.NaN)
                                        .toArray()
                                : y));
        return json;
    }

    private static Map<String, Object> axis(Axis axis) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", literal(axis.title()));
        json.put("log", axis.scale() != Scale.LINEAR);
        json.put("falling", axis.scale() == Scale.LOG_FALLING);
        if (!Double.isNaN(axis.low())) json.put("range", List.of(axis.low(), axis.high()));
        json.put("ticks", axis.ticks());
        json.put(
                "labels",
                axis.ticks().stream()
                        .map(axis.scale() == Scale.LOG ? Words::tick : Words::level)
                        .toList());
        return json;
    }

    private static Map<String, Object> colours(Colour colour, double opacity) {
        return Map.of("light", colour.light(), "dark", colour.dark(), "opacity", opacity);
    }

    private static Map<String, Object> marker(Look look) {
        return look == Look.POINTS ? Map.of("size", 13, "symbol", "star") : Map.of("size", 6);
    }

    private static String mode(Look look) {
        return switch (look) {
            case LINE, DASHED -> "lines";
            case MARKED, DASHED_MARKED -> "lines+markers";
            case POINTS -> "markers";
        };
    }

    private static String dash(Look look) {
        return look == Look.DASHED || look == Look.DASHED_MARKED ? "5px,3px" : "solid";
    }

    /** Six digits are more than a screen can show; what is not a number becomes a gap. */
    private static List<Double> rounded(double[] values) {
        List<Double> list = new ArrayList<>(values.length);
        for (double value : values) list.add(Double.isFinite(value) ? six(value) : null);
        return list;
    }

    private static double six(double value) {
        if (value == Math.rint(value)) return value;
        double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 5);
        return unit < 1 ? Math.rint(value * Math.rint(1 / unit)) / Math.rint(1 / unit) : Math.rint(value);
    }

    /** Plotly reads some tags and entities in its texts; this makes it show them instead. */
    private static String literal(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
