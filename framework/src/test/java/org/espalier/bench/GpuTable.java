package org.espalier.bench;

import java.util.List;
import java.util.Locale;

/** The rows of one network: printed, and kept as lines of a CSV file. */
final class GpuTable {
    /** The columns of the file. */
    static final String HEAD = "device,network,row,launches,device milliseconds,cpu milliseconds,"
            + "percent of the step,GB/s,GFLOP/s,operations of a launch";

    private final List<String> csv;
    private final String device;
    private final String network;
    private final double whole;

    /** @param whole seconds of a step, of which rows are shares */
    GpuTable(List<String> csv, String device, String network, double whole) {
        this.csv = csv;
        this.device = device;
        this.network = network;
        this.whole = whole;
        System.out.printf(
                "%n%s%n%-48s %8s %10s %10s %8s %8s %8s  %s%n",
                network, "", "launches", "device ms", "CPU ms", "share", "GB/s", "GFLOP/s", "operations of a launch");
    }

    /**
     * @param there seconds on the device
     * @param here seconds on the CPU, 0 if that has no such thing
     * @param bytes of the arrays that are read and written, 0 if nothing is to be said of them
     * @param operations in floating point, 0 if nothing is to be said of them
     * @param formula how operations are counted
     */
    void row(String row, int launches, double there, double here, double bytes, double operations, String formula) {
        String gigabytes = rate(bytes, there), gigaflops = rate(operations, there);
        String cpu = here == 0 ? "" : number(here * 1e3), share = number(100 * there / whole);
        System.out.printf(
                "%-48s %8d %10s %10s %6s %% %8s %8s  %s%n",
                row, launches, number(there * 1e3), cpu, share, gigabytes, gigaflops, formula);
        csv.add(String.join(
                ",",
                device,
                network,
                row,
                "" + launches,
                number(there * 1e3),
                cpu,
                share,
                gigabytes,
                gigaflops,
                formula));
    }

    private static String rate(double amount, double seconds) {
        return amount == 0 ? "" : number(amount / seconds / 1e9);
    }

    /** Three digits, without powers of ten. */
    private static String number(double value) {
        return value >= 1000 ? String.format(Locale.ROOT, "%.0f", value) : digits(value);
    }

    private static String digits(double value) {
        int places = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.1 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + places + "f", value);
    }
}
