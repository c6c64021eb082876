// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.spring;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The service's page in a real browser. */
final class Page implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final WebDriver browser;

  /** Opens the page; skips the test where Chromium or its driver is not installed. */
  Page(int port) {
    Optional<File> driver = onPath("chromedriver");
    Optional<File> chromium = onPath("chromium", "chromium-browser", "google-chrome");
    assumeTrue(driver.isPresent() && chromium.isPresent(), "Chromium with its driver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get());
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(driver.get()).build(), options);
    browser.get("http://localhost:" + port + "/");
  }

  private static Optional<File> onPath(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst();
  }

  /** Clicks a button, and returns what the page says then, which is something else than before. */
  String click(String button) {
    String before = found();
    browser.findElement(By.xpath("//button[text()='" + button + "']")).click();
    await().atMost(PATIENCE).until(() -> !found().equals(before));
    return found();
  }

  private String found() {
    return browser.findElement(By.id("found")).getText();
  }

  /** Returns the row of a tenant's cache; empty if there is none. */
  String row(String tenant, String cache) {
    List<WebElement> rows =
        browser.findElements(By.xpath("//tr[td='" + tenant + "' and td='" + cache + "']"));
    return rows.isEmpty() ? "" : rows.get(0).getText();
  }

  @Override
  public void close() {
    browser.quit();
  }
}
