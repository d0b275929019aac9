package org.espalier.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.espalier.report.Chart.Axis;
import org.espalier.report.Chart.Look;
import org.espalier.report.Chart.Scale;
import org.espalier.report.Chart.Trace;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts as files for papers: PNG and SVG, drawn by XChart on white. */
final class Still {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;

    private Still() {}

    /** Writes {@code <id>.png} and {@code <id>.svg} into a folder, unless the chart shows nothing. */
    static boolean write(Chart chart, Path folder) throws IOException {
        XYChart drawn = draw(chart);
        if (drawn.getSeriesCollection().isEmpty()) return false;
        Path file = folder.resolve(chart.id());
        ImageIO.write(pixels(drawn), "png", Path.of(file + ".png").toFile());
        try (Writer out = Files.newBufferedWriter(Path.of(file + ".svg"))) {
            SVGGraphics2D graphics = new SVGGraphics2D(document());
            drawn.paint(graphics, WIDTH, HEIGHT);
            graphics.setSVGCanvasSize(new java.awt.Dimension(WIDTH, HEIGHT));
            graphics.stream(out, true);
        }
        return true;
    }

    /** Twice the size, for print. Bytes instead of whole-pixel integers because Java encodes those several times faster. */
    private static BufferedImage pixels(XYChart drawn) {
        BufferedImage image = new BufferedImage(2 * WIDTH, 2 * HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(2, 2);
        drawn.paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        return image;
    }

    private static org.w3c.dom.Document document() throws IOException {
        try {
            var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            return builder.getDOMImplementation().createDocument("http://www.w3.org/2000/svg", "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IOException(e);
        }
    }

    private static XYChart draw(Chart chart) {
        XYChart drawn = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(chart.title())
                .xAxisTitle(chart.x().title())
                .yAxisTitle(chart.y().title())
                .build();
        style(drawn.getStyler(), chart);
        Set<String> names = new HashSet<>(Set.of("unseen"));
        for (Trace trace : chart.traces()) add(drawn, trace, chart, names);
        if (chart.x().scale() == Scale.LINEAR) unsettle(drawn);
        return drawn;
    }

    private static void add(XYChart drawn, Trace trace, Chart chart, Set<String> names) {
        boolean positive = chart.y().scale() != Scale.LINEAR;
        int[] kept = IntStream.range(0, trace.x().length)
                .filter(i -> Double.isFinite(trace.y()[i]) && (!positive || trace.y()[i] > 0))
                .toArray();
        if (kept.length == 0) return;
        double[] x = IntStream.of(kept)
                .mapToDouble(i -> place(trace.x()[i], chart.x()))
                .toArray();
        double[] y = IntStream.of(kept).mapToDouble(i -> trace.y()[i]).toArray();
        double[] error = trace.banded() && kept.length <= 60
                ? IntStream.of(kept)
                        .mapToDouble(i -> (trace.high()[i] - trace.low()[i]) / 2)
                        .toArray()
                : null;
        XYSeries series = error == null
                ? drawn.addSeries(unique(trace.name(), names), x, y)
                : drawn.addSeries(unique(trace.name(), names), x, y, error);
        style(series, trace);
    }

    /**
     * XChart labels the data themselves where they stand at equal distances, at numbers like 4,200; one more point that
     * nobody sees, off their grid, makes it choose round ones.
     */
    private static void unsettle(XYChart drawn) {
        List<XYSeries> series = List.copyOf(drawn.getSeriesCollection());
        if (series.isEmpty() || series.getFirst().getXData().length < 12) return;
        double[] x = series.getFirst().getXData();
        double[] between = {x[0] + 0.37 * (x[1] - x[0])};
        XYSeries unseen = drawn.addSeries(
                "unseen", between, new double[] {series.getFirst().getYData()[x.length - 1]});
        unseen.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
        unseen.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    }

    /** XChart has no axis that falls to the right, so the negative logarithm is drawn and the labels undo it. */
    private static double place(double x, Axis axis) {
        return axis.scale() == Scale.LOG_FALLING ? -Math.log10(x) : x;
    }

    private static String unique(String name, Set<String> taken) {
        String unique = name.isEmpty() ? " " : name;
        while (!taken.add(unique)) unique += " ";
        return unique;
    }

    private static void style(XYSeries series, Trace trace) {
        Color colour = Color.decode(trace.colour().light());
        boolean marked = trace.look() != Look.LINE && trace.look() != Look.DASHED;
        boolean dashed = trace.look() == Look.DASHED || trace.look() == Look.DASHED_MARKED;
        Marker marker = trace.look() == Look.POINTS
                ? SeriesMarkers.DIAMOND
                : marked ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE;
        series.setMarker(marker);
        series.setMarkerColor(colour);
        series.setLineColor(trace.look() == Look.DASHED ? paler(colour) : colour);
        series.setLineStyle(dashed ? stroke(6, 4) : new BasicStroke(1.7f));
        if (trace.look() == Look.POINTS) series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    }

    /** Where points lie close, dashes run together; the shade still tells. */
    private static Color paler(Color c) {
        return new Color((c.getRed() + 200) / 2, (c.getGreen() + 200) / 2, (c.getBlue() + 200) / 2);
    }

    private static BasicStroke stroke(float on, float off) {
        return new BasicStroke(1.7f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {on, off}, 0);
    }

    private static String label(double tick, Axis axis) {
        return axis.ticks().stream().anyMatch(t -> Math.abs(tick / t - 1) < 1e-6) ? Words.tick(tick) : " ";
    }

    private static void style(XYStyler styler, Chart chart) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(new Color(0xE4E7EB));
        styler.setPlotGridLinesStroke(new BasicStroke(0.8f));
        styler.setChartTitleFont(font.deriveFont(Font.BOLD, 15f));
        styler.setAxisTitleFont(font);
        styler.setAxisTickLabelsFont(font.deriveFont(12f));
        styler.setLegendFont(font.deriveFont(12f));
        styler.setLegendPosition(LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setMarkerSize(6);
        styler.setErrorBarsColorSeriesColor(true);
        styler.setYAxisDecimalPattern("#,##0.####");
        styler.setXAxisDecimalPattern("#,##0.####");
        styler.setYAxisLogarithmic(chart.y().scale() != Scale.LINEAR);
        styler.setYAxisLogarithmicDecadeOnly(false);
        if (!chart.y().ticks().isEmpty()) styler.setyAxisTickLabelsFormattingFunction(y -> label(y, chart.y()));
        if (!Double.isNaN(chart.y().low()))
            styler.setYAxisMin(chart.y().low()).setYAxisMax(chart.y().high());
        if (chart.x().scale() == Scale.LOG_FALLING) {
            styler.setxAxisTickLabelsFormattingFunction(x -> Words.level(Math.pow(10, -x)));
            double[] all = chart.traces().stream()
                    .flatMapToDouble(t -> DoubleStream.of(t.x()))
                    .map(x -> -Math.log10(x))
                    .toArray();
            DoubleStream.of(all).max().ifPresent(max -> styler.setXAxisMax(max));
        }
    }
}
