// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TestNameServiceTest {

  private final TestNameService names = new TestNameService();

  @Test
  void resolve_givesWhatWasSetLast() throws UnknownHostException {
    names.set("memcached", "127.0.0.1");
    names.set("memcached", "127.0.0.2", "::1");

    assertThat(names.resolve("memcached"))
        .containsExactly(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("::1"));
    assertThat(names.lookups()).isEqualTo(1);
  }

  @Test
  void resolve_otherNameOrNoAddress_isUnknown() {
    names.set("memcached");

    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> names.resolve("memcached"));
    assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.resolve("other"));
  }

  @Test
  void pause_lookUpsWait() throws Exception {
    names.set("memcached", "127.0.0.1");
    names.pause();
    CompletableFuture<Integer> found =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return names.resolve("memcached").size();
              } catch (UnknownHostException e) {
                return 0;
              }
            });
    names.set("memcached", "127.0.0.1", "127.0.0.2");

    names.resume();

    assertThat(found.get(30, TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  void set_noAddress_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> names.set("memcached", "localhost"))
        .withMessageContaining("localhost");
  }
}
