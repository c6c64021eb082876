// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Classes that run code when they are read, as those that attackers use do. They take note. */
public final class Gadgets {

  /** What ran. */
  public static final List<String> RAN = new CopyOnWriteArrayList<>();

  private Gadgets() {}

  /** The bytes an attacker would store: written without any check. */
  static byte[] bytes(Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static class Reading implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    @Serial
    private void readObject(ObjectInputStream in) {
      RAN.add("readObject");
    }
  }

  static class Resolving implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    @Serial
    private Object readResolve() {
      RAN.add("readResolve");
      return this;
    }
  }

  /** Its public constructor runs when it is read. */
  public static class External implements Externalizable {
    @Serial private static final long serialVersionUID = 1;

    public External() {
      RAN.add("constructor");
    }

    @Override
    public void writeExternal(ObjectOutput out) {}

    @Override
    public void readExternal(ObjectInput in) {
      RAN.add("readExternal");
    }
  }

  /** The constructor of a superclass that isn't serializable runs. */
  static class Base {
    Base() {
      RAN.add("superclass");
    }
  }

  static class Derived extends Base implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  static class Hashing implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public boolean equals(Object other) {
      RAN.add("equals");
      return this == other;
    }

    @Override
    public int hashCode() {
      RAN.add("hashCode");
      return 1;
    }
  }

  record Constructed(int number) implements Serializable {
    Constructed {
      RAN.add("record");
    }
  }

  enum Initialized {
    ONE;

    static {
      RAN.add("enum");
    }
  }

  static class Initializing {
    static {
      RAN.add("static initializer");
    }
  }

  static class Handler implements InvocationHandler, Serializable {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      RAN.add("handler");
      return null;
    }
  }
}
