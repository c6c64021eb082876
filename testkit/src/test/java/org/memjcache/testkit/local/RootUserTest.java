// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootUserTest {

  @TempDir private Path folder;

  @Test
  void harmlessUser_nobodyExists_nobody() throws Exception {
    Path passwd = passwd("root:x:0:0::/root:/bin/sh\nmemcache:x:9:9::/:\nnobody:x:65534:1::/:\n");
    assertThat(RootUser.harmlessUser(passwd)).isEqualTo("nobody");
  }

  @Test
  void harmlessUser_onlyMemcache_memcache() throws Exception {
    assertThat(RootUser.harmlessUser(passwd("root:x:0:0:::\nmemcache:x:9:9:::\n")))
        .isEqualTo("memcache");
  }

  @Test
  void harmlessUser_onlyRootOrNoFile_root() throws Exception {
    assertThat(RootUser.harmlessUser(passwd("root:x:0:0:::\n"))).isEqualTo("root");
    assertThat(RootUser.harmlessUser(folder.resolve("none"))).isEqualTo("root");
  }

  private Path passwd(String text) throws Exception {
    return Files.writeString(folder.resolve("passwd"), text);
  }
}
