// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class CommandTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path folder;

  @Test
  void run_good_outputAndErrorsTogether() throws Exception {
    String output =
        Command.of("sh", "-c", "echo $WORD; pwd; echo err >&2")
            .in(folder.toRealPath())
            .with(Map.of("WORD", "hello"))
            .run(LIMIT);
    assertThat(output.lines()).containsExactly("hello", folder.toRealPath().toString(), "err");
  }

  @Test
  void run_muchOutput_complete() throws Exception {
    assertThat(Command.of("sh", "-c", "yes | head -n 100000").run(LIMIT)).hasSize(200_000);
  }

  @Test
  void run_failing_statusAndLastLinesInTheMessage() {
    assertThatThrownBy(() -> Command.of("sh", "-c", "echo why; exit 4").run(LIMIT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exit status 4: why");
  }

  @Test
  void run_tooLong_killedAfterTheLimit() {
    assertThatThrownBy(() -> Command.of("sleep", "600").run(Duration.ofMillis(50)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sleep 600: not done after PT0.05S");
  }

  @Test
  void run_noSuchExecutable_named() {
    assertThatThrownBy(() -> Command.of("/nowhere/tool").run(LIMIT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nowhere/tool");
  }
}
