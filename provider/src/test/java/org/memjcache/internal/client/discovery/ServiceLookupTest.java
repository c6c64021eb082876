// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.internal.client.admin.ClusterConfiguration;
import org.memjcache.internal.config.value.ServerAddress;

/** What an answer of a service means. */
class ServiceLookupTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.2 10.0.0.1,            10.0.0.2:1 10.0.0.1:1",
    "10.0.0.1 10.0.0.1,            10.0.0.1:1",
    "2001:db8:0:0:0:0:0:1 ::1,     [2001:db8::1]:1 [::1]:1",
    "::1 10.0.0.1 2001:db8::1,     10.0.0.1:1",
    "::ffff:10.0.0.1 ::1,          10.0.0.1:1"
  })
  void addresses_areServers_ofOneFamily(String found, String servers) throws UnknownHostException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String each : found.split(" ")) {
      addresses.add(InetAddress.getByName(each));
    }

    assertThat(ServiceLookup.addresses(addresses, 1))
        .extracting(ServerAddress::toString)
        .containsExactly(servers.split(" "));
  }

  @Test
  void versionOfList_onlyGrows() throws IOException {
    List<ServerAddress> one = List.of(new ServerAddress("one", 1));
    List<ServerAddress> two = List.of(new ServerAddress("two", 2));
    List<ClusterConfiguration> answers =
        new ArrayList<>(
            List.of(
                new ClusterConfiguration(5, one),
                new ClusterConfiguration(4, two),
                new ClusterConfiguration(5, one),
                new ClusterConfiguration(6, two)));
    ServiceLookup lookup = new ServiceLookup.Growing(() -> answers.remove(0));

    assertThat(lookup.servers()).isEqualTo(one);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(lookup::servers)
        .withMessage("its list has version 4, and version 5 was known");
    assertThat(lookup.servers()).isEqualTo(one);
    assertThat(lookup.servers()).isEqualTo(two);
  }
}
