package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser makes of the page; skipped where this machine has none. */
@Tag("reliability")
class RunReportBrowserTest {
    @TempDir
    static Path profile;

    @TempDir
    Path folder;

    private static Optional<Browser> browser = Optional.empty();

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start(profile.resolve("profile"));
        if (browser.isEmpty()) System.out.println("no Chromium on this machine: the page is not opened in a browser");
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser.isPresent()) browser.get().close();
    }

    private static Browser browser() {
        Assumptions.assumeTrue(browser.isPresent(), "needs Chromium on the PATH");
        return browser.get();
    }

    @Test
    void drawsEveryFigureOnPhoneAndDesktopWithoutScrollingSideways() throws Exception {
        Browser browser = browser();
        Path html = RunReport.write(RunFixture.lottery(folder, 1, 20, 500), RunReportTest.PUBLISHED)
                .html();
        for (int width : new int[] {380, 1280}) {
            browser.screen(width, 800, width == 380);
            browser.open(html);
            assertThat(browser.misdeeds()).isEmpty();
            assertThat(browser.evaluate(
                                    "document.querySelectorAll('.plot .main-svg').length > 0 && [...document.querySelectorAll('.plot')].every(p => p.querySelector('.trace'))")
                            .asBoolean())
                    .isTrue();
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                    .isLessThanOrEqualTo(width);
        }
    }

    @Test
    void payloadsDoNothingAndAreShownAsTheyAre() throws Exception {
        Browser browser = browser();
        Path html = RunReport.write(Payloads.run(folder.resolve("run")), Payloads.published(folder))
                .html();
        browser.screen(1280, 900, false);
        browser.open(html);
        browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)");
        browser.hover(".plot .point");
        String text = browser.evaluate("document.body.textContent").asText();
        for (String payload : Payloads.ALL) assertThat(text).contains(payload);
        String drawn = browser.evaluate(
                        "[...document.querySelectorAll('.hoverlayer')].map(h => h.textContent).join(' ')")
                .asText();
        assertThat(drawn).contains(Payloads.ALL.get(8));
        assertThat(browser.misdeeds()).isEmpty();
        System.out.println(Payloads.ALL.size() + " payloads in a browser: 0 dialogs, 0 requests, 0 console messages");
    }

    @Test
    void hoverShowsNumbersAndTheLegendHidesALine() throws Exception {
        Browser browser = browser();
        Path html = RunReport.write(RunFixture.lottery(folder, 2, 20, 1000), RunReportTest.PUBLISHED)
                .html();
        browser.screen(1280, 900, true);
        browser.open(html);
        browser.hover("#plot-figure-2 .point");
        assertThat(browser.evaluate("document.querySelector('#plot-figure-2 .hoverlayer').textContent")
                        .asText())
                .contains("winning ticket : 9");
        int before = browser.evaluate("document.querySelectorAll('#plot-figure-2 .trace').length")
                .asInt();
        browser.evaluate("document.querySelector('#figure-2 .legend button').click()");
        assertThat(browser.evaluate("document.querySelectorAll('#plot-figure-2 .trace').length")
                        .asInt())
                .isLessThan(before);
        assertThat(browser.misdeeds()).isEmpty();
    }
}
