// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.internal.config.value.ServerAddress;

/** What a configuration endpoint answers: all of it is read as it is meant, or none. */
class ClusterConfigurationTest {

  private static ClusterConfiguration read(String answer) throws IOException {
    LineReader reader =
        new LineReader(new ByteArrayInputStream(answer.getBytes(StandardCharsets.ISO_8859_1)));
    return ClusterConfiguration.read(reader::readLine, reader::read);
  }

  private static String answer(String list) {
    return "CONFIG cluster 0 " + list.length() + "\r\n" + list + "\r\nEND\r\n";
  }

  /** As AWS documents it. */
  @Example
  void read_exampleOfElastiCache() throws IOException {
    String list =
        """
        12
        a.0001.use1.cache.amazonaws.com|10.82.235.120|11211 A.0002.use1.cache.amazonaws.com||11212
        """;

    assertThat(read(answer(list)))
        .isEqualTo(
            new ClusterConfiguration(
                12,
                List.of(
                    new ServerAddress("a.0001.use1.cache.amazonaws.com", 11211),
                    new ServerAddress("a.0002.use1.cache.amazonaws.com", 11212))));
  }

  /** Memorystore names its nodes by address. */
  @Example
  void read_exampleOfMemorystore() throws IOException {
    assertThat(read(answer("1\n10.0.0.4|10.0.0.4|11211 10.0.0.5|10.0.0.5|11211\n")).servers())
        .containsExactly(
            new ServerAddress("10.0.0.4", 11211), new ServerAddress("10.0.0.5", 11211));
  }

  @Property
  void read_anyServers_areThoseThatWereWritten(
      @ForAll @LongRange(min = 0, max = 999_999_999_999_999_999L) long version,
      @ForAll @Size(min = 1, max = 60) List<@From("servers") ServerAddress> any,
      @ForAll boolean withAddresses)
      throws IOException {
    List<ServerAddress> servers = any.stream().distinct().toList();
    String list =
        servers.stream()
            .map(each -> each.host() + (withAddresses ? "|10.0.0.1|" : "||") + each.port())
            .collect(Collectors.joining(" "));

    assertThat(read(answer(version + "\n" + list + "\n")))
        .isEqualTo(new ClusterConfiguration(version, servers));
  }

  @Provide
  static Arbitrary<ServerAddress> servers() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withChars("0123456789-_.")
            .ofMinLength(1)
            .ofMaxLength(60);
    return Combinators.combine(names, Arbitraries.integers().between(1, 65535))
        .as(ServerAddress::new);
  }

  /** An answer that was cut off, or has another length than it says, is none. */
  @Property
  void read_cutOrLonger_isRefused(@ForAll @IntRange(min = 0, max = 60) int length) {
    String whole = answer("7\nhost|10.0.0.1|11211 other||11211\n");
    String cut = whole.substring(0, Math.min(length, whole.length() - 2));

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(cut));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(whole.replace(" 35", " " + (length == 35 ? 0 : length))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          7;                             expected a version, and the servers
          7\\n;                           expected a version, and the servers
          x\\nh||1\\n;                     expected a version, and the servers
          -1\\nh||1\\n;                    expected a version, and the servers
          7\\nh||1\\ni||1\\n;               expected a version, and the servers
          7\\n \\n;                        expected a server such as
          7\\nh\\n;                        expected a server such as
          7\\nh|1\\n;                      expected a server such as
          7\\n||1\\n;                      expected a server such as
          7\\nh||\\n;                      expected a server such as
          7\\nh||0\\n;                     expected a server such as
          7\\nh||65536\\n;                 expected a server such as
          7\\nh||1,i||1\\n;                expected a server such as
          7\\nh|x|1\\n;                    expected a server such as
          7\\nh\\0||1\\n;                   expected a server such as
          7\\nh||1 H||1\\n;                expected each server once
          """)
  void read_otherList_isRefusedWithWhatCame(String list, String words) {
    String text = list.replace("\\n", "\n").replace("\\0", "\0");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(answer(text)))
        .withMessageStartingWith("it answered '")
        .withMessageContaining("to 'config get cluster'; " + words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ERROR;                        no configuration endpoint; write it into the list
          END;                          expected a line CONFIG cluster 0
          CONFIG cluster 1 2;           expected a line CONFIG cluster 0
          CONFIG other 0 2;             expected a line CONFIG cluster 0
          CONFIG cluster 0 9999999;     expected a line CONFIG cluster 0
          CONFIG cluster 0 999999;      expected 262144 bytes at most
          SERVER_ERROR out of memory;   expected a line CONFIG cluster 0
          """)
  void read_otherAnswer_isRefusedWithWhatCame(String line, String words) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(line + "\r\n"))
        .withMessageContaining("it answered '" + line + "' to 'config get cluster'")
        .withMessageContaining(words);
  }

  @Example
  void read_longList_isQuotedInPart() {
    String list = "7\n" + "h".repeat(200_000) + "||1\n";

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(answer(list)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
  }
}
