// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The classes of one release of an application, compiled from source. To be closed after use. */
public final class Release extends URLClassLoader {

  private Release(Path folder) throws MalformedURLException {
    super(new URL[] {folder.toUri().toURL()}, Release.class.getClassLoader());
  }

  /** Compiles a class with a public constructor without parameters, or an enum. */
  public static Release of(String className, String source) {
    try {
      Path folder = Files.createTempDirectory("release");
      folder.toFile().deleteOnExit();
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      URI name = URI.create("memory:///" + className.replace('.', '/') + ".java");
      SimpleJavaFileObject file =
          new SimpleJavaFileObject(name, SimpleJavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
              return source;
            }
          };
      List<String> options = List.of("-d", folder.toString(), "-proc:none");
      if (!compiler.getTask(null, null, null, options, null, List.of(file)).call()) {
        throw new IllegalArgumentException(source);
      }
      return new Release(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a new object of a class, or the last constant of an enum. */
  public Object create(String className) {
    try {
      Class<?> type = loadClass(className);
      if (type.isEnum()) {
        Object[] constants = type.getEnumConstants();
        return constants[constants.length - 1];
      }
      return type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(className, e);
    }
  }
}
