// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.gate;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * What Surefire's XML reports of a run say.
 *
 * @param tck the counts of the TCK's tests
 * @param own the counts of our own tests that ran with them
 * @param excluded the tests that the TCK left out, as {@code class#method}, sorted. It counts them
 *     as run and passed, and only logs that it did nothing.
 */
record Reports(Counts tck, Counts own, List<String> excluded) {

  private static final String OWN_PREFIX = "org.memjcache.";
  private static final Pattern EXCLUDING = Pattern.compile("EXCLUDING TEST '([^']*)'\\s+'([^']*)'");

  Reports {
    excluded = excluded.stream().sorted().toList();
  }

  /**
   * Reads all reports in a folder.
   *
   * @throws IOException if there is no such folder, or a report can't be read
   */
  static Reports in(Path folder) throws IOException {
    Counts tck = Counts.NONE;
    Counts own = Counts.NONE;
    List<String> excluded = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      for (Path file : files) {
        Element suite = parse(file);
        Counts counts = Counts.of(suite);
        if (suite.getAttribute("name").startsWith(OWN_PREFIX)) {
          own = own.plus(counts);
        } else {
          tck = tck.plus(counts);
        }
        Matcher line = EXCLUDING.matcher(suite.getTextContent());
        while (line.find()) {
          excluded.add(line.group(1) + "#" + line.group(2));
        }
      }
    }
    return new Reports(tck, own, excluded);
  }

  /** Returns the counts, without the names of excluded tests. */
  @Override
  public String toString() {
    return "%s, %d excluded%s"
        .formatted(tck, excluded.size(), own.run() == 0 ? "" : " (and of our own: " + own + ")");
  }

  private static Element parse(Path file) throws IOException {
    try {
      DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      return parser.parse(file.toFile()).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(file + " is not a report of Surefire's: " + e.getMessage(), e);
    }
  }

  /** How many tests were run, and how many of them came to a bad or no end. */
  record Counts(int run, int failed, int errors, int skipped) {

    static final Counts NONE = new Counts(0, 0, 0, 0);

    private static Counts of(Element suite) {
      return new Counts(
          number(suite, "tests"),
          number(suite, "failures"),
          number(suite, "errors"),
          number(suite, "skipped"));
    }

    private static int number(Element suite, String attribute) {
      return Integer.parseInt(suite.getAttribute(attribute));
    }

    Counts plus(Counts other) {
      return new Counts(
          run + other.run, failed + other.failed, errors + other.errors, skipped + other.skipped);
    }

    /** Returns whether all went well. */
    boolean areGood() {
      return failed == 0 && errors == 0 && skipped == 0;
    }

    @Override
    public String toString() {
      return "%d run, %d failed, %d errors, %d skipped".formatted(run, failed, errors, skipped);
    }
  }
}
