package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser makes of the page; skipped where this machine has none. */
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
        Path html = RunReport.write(RunFixture.lottery(folder, 1, 20, 500), RunReportTest.PUBLISHED).html();
        for (int width : new int[] {380, 1280}) {
            browser.screen(width, 800, width == 380);
            browser.open(html);
            assertThat(browser.misdeeds()).isEmpty();
            assertThat(browser.evaluate("document.querySelectorAll('.plot .main-svg').length > 0 && [...document.querySelectorAll('.plot')].every(p => p.querySelector('.trace'))").asBoolean()).isTrue();
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
        }
    }
}
