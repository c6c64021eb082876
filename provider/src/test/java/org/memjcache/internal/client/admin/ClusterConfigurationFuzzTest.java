// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.memjcache.fuzz.Budget;
import org.memjcache.internal.config.value.ServerAddress;

/** Whatever answers when it is asked for servers: it has some, each once, or it is refused. */
class ClusterConfigurationFuzzTest {

  @FuzzTest
  void read(byte[] input) {
    Budget.check(input, () -> parse(input));
  }

  private static void parse(byte[] input) {
    LineReader reader = new LineReader(new ByteArrayInputStream(input));
    try {
      ClusterConfiguration read = ClusterConfiguration.read(reader::readLine, reader::read);
      assertThat(read.version()).isNotNegative();
      assertThat(read.servers()).isNotEmpty().doesNotHaveDuplicates();
      assertThat(read.servers()).extracting(ServerAddress::port).allMatch(p -> p > 0 && p < 65536);
    } catch (IOException e) {
      assertThat(e)
          .hasMessageMatching("(?s)the server closed .*|a line of more than .*|it answered .*")
          .message()
          .doesNotContainPattern("\\p{Cntrl}");
    }
  }
}
