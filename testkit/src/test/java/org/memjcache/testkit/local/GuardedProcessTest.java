// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.memjcache.testkit.Processes;

@DisabledOnOs(OS.WINDOWS)
@Tag("slow")
class GuardedProcessTest {

  private GuardedProcess process;
  private Optional<ProcessHandle> guard;

  @AfterEach
  void destroy() {
    process.destroy();
  }

  @Test
  void pid_started_isTheProcessItselfNotTheGuard() throws Exception {
    start("sleep", "600");
    ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
    await("exec").until(() -> handle.info().command().orElse("").endsWith("sleep"));
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void destroy_running_processAndGuardAreGone() throws Exception {
    start("sleep", "600");
    process.destroy();
    assertThat(process.isAlive()).isFalse();
    assertThat(Processes.isAlive(process.pid())).isFalse();
    assertThat(guard).isPresent();
    assertThat(isGuardGone()).isTrue();
    process.destroy();
  }

  @Test
  void destroy_stopped_processIsGone() throws Exception {
    start("sleep", "600");
    process.signal("STOP");
    process.destroy();
    assertThat(Processes.isAlive(process.pid())).isFalse();
  }

  @Test
  void destroy_threadInterrupted_processIsGoneAndFlagKept() throws Exception {
    start("sleep", "600");
    Thread.currentThread().interrupt();
    process.destroy();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Processes.isAlive(process.pid())).isFalse();
  }

  @Test
  void destroy_guardKilledBefore_processIsGone() throws Exception {
    start("sleep", "600");
    guard.orElseThrow().destroyForcibly();
    await("guard gone").until(this::isGuardGone);
    process.destroy();
    Processes.awaitEnd(process.pid());
  }

  @Test
  void isAlive_processEndsByItself_falseAndGuardGone() throws Exception {
    start("sh", "-c", "echo to out; echo to err >&2; exit 3");
    await("process noticed as gone").until(() -> !process.isAlive());
    assertThat(process.errors()).contains("to out").contains("to err");
    await("guard gone").until(this::isGuardGone);
  }

  @Test
  void isAlive_processKilledFromOutside_false() throws Exception {
    start("sleep", "600");
    ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
    await("process noticed as gone").until(() -> !process.isAlive());
  }

  @Test
  void signal_processGone_ioException() throws Exception {
    start("true");
    await("guard gone").until(this::isGuardGone);
    assertThatThrownBy(() -> process.signal("STOP")).isInstanceOf(IOException.class);
  }

  @Test
  void start_noSuchExecutable_endsWithTheShellsMessage() throws Exception {
    start("/nowhere/memcached");
    await("process noticed as gone").until(() -> !process.isAlive());
    assertThat(process.errors()).contains("/nowhere/memcached");
  }

  @Test
  void start_argumentsWithBlanksAndQuotes_arriveAsTheyAre() throws Exception {
    start("printf", "[%s]", "a b", "$HOME 'x' \"y\"");
    await("process noticed as gone").until(() -> !process.isAlive());
    assertThat(process.errors()).isEqualTo("[a b][$HOME 'x' \"y\"]");
  }

  private void start(String... command) throws IOException {
    Set<ProcessHandle> before = children();
    process = GuardedProcess.start(List.of(command), Map.of());
    Set<ProcessHandle> fresh = children();
    fresh.removeAll(before);
    guard = fresh.stream().findFirst();
  }

  private boolean isGuardGone() {
    return guard.map(handle -> !handle.isAlive()).orElse(true);
  }

  private static Set<ProcessHandle> children() {
    return ProcessHandle.current().children().collect(Collectors.toSet());
  }
}
