// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.Program;

/** The second way: an executable on the {@code PATH}. */
record PathExecutable(Machine machine, Program program) implements Way {

  PathExecutable(Machine machine) {
    this(machine, Program.MEMCACHED);
  }

  @Override
  public String name() {
    return "an executable %s on the PATH".formatted(program.name());
  }

  @Override
  public Origin take() throws NotTakenException {
    return new LocalOrigin(executable(), "from the PATH");
  }

  /** {@return the program on the {@code PATH}} */
  Executable executable() throws NotTakenException {
    Path path =
        machine
            .executable(program.name())
            .orElseThrow(() -> new NotTakenException("none is there; install " + program.name()));
    if (machine.executable("sh").isEmpty()) {
      throw new NotTakenException("it is started under a shell, and there is no sh on the PATH");
    }
    try {
      return Executable.check(program, path, List.of());
    } catch (IOException e) {
      throw new NotTakenException(String.valueOf(e.getMessage()), e);
    }
  }
}
