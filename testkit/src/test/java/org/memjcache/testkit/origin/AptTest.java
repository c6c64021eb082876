// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AptTest {

  @Test
  void librariesIn_debian12_librariesButNotTheSystemsOwn() {
    String answer =
        """
        memcached
          PreDepends: init-system-helpers
          Depends: adduser
          Depends: lsb-base
            sysvinit-utils
          Depends: perl
          Depends: <perl:any>
            perl
          Depends: libc6
          Depends: libevent-2.1-7
          Depends: libsasl2-2
          Depends: libssl3
          Conflicts: libold
          Suggests: libanyevent-perl
        """;
    assertThat(Apt.librariesIn(answer)).containsExactly("libevent-2.1-7", "libsasl2-2", "libssl3");
  }

  @Test
  void librariesIn_newerRelease_namesAsTheyAreThere() {
    String answer =
        """
        memcached
          PreDepends: init-system-helpers
          Depends: adduser
          Depends: libc6
          Depends: libevent-2.1-7t64
          Depends: libsasl2-2
         |Depends: libssl3t64
          Depends: <libssl-virtual>
        """;
    assertThat(Apt.librariesIn(answer))
        .containsExactly("libevent-2.1-7t64", "libsasl2-2", "libssl3t64");
  }
}
