package org.memjcache.testkit.origin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.memjcache.testkit.local.Executable;

/** The second way: an executable on the {@code PATH}. */
record PathExecutable(Machine machine) implements Way {

  @Override
  public String name() {
    return "an executable memcached on the PATH";
  }

  @Override
  public Origin take() throws NotTakenException {
    Path path =
        machine
            .executable("memcached")
            .orElseThrow(() -> new NotTakenException("none is there; install memcached"));
    if (machine.executable("sh").isEmpty()) {
      throw new NotTakenException("it is started under a shell, and there is no sh on the PATH");
    }
    try {
      return new LocalOrigin(Executable.check(path, List.of()), "from the PATH");
    } catch (IOException e) {
      throw new NotTakenException(String.valueOf(e.getMessage()), e);
    }
  }
}
