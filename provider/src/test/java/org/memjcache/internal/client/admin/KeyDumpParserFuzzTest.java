// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.memjcache.fuzz.Budget;
import org.memjcache.internal.client.command.Request;

/**
 * Whatever a server answers to a request for its keys: what is passed on are keys that can be asked
 * for, and nothing but an {@link IOException} ends it before its time.
 */
class KeyDumpParserFuzzTest {

  @FuzzTest
  void read(byte[] input) {
    Budget.check(input, () -> read(input, input.length % 2 == 0 ? "" : "k"));
  }

  private static void read(byte[] input, String prefix) {
    LineReader lines = new LineReader(new ByteArrayInputStream(input));
    KeyDumpParser dumped =
        new KeyDumpParser(
            lines::readLine,
            prefix,
            item -> {
              assertThat(Request.requireKey(item.key())).startsWith(prefix);
              assertThat(item.size()).isNotNegative();
              assertThat(item.lastUse()).isNotNegative();
            });
    try {
      assertThat(dumped.read(lines.readLine())).doesNotStartWith("key=");
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("the server closed .*|a line of more than .*");
    }
  }
}
