// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.util.Set;
import java.util.regex.Pattern;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.memjcache.support.ChildFirstLoader;

/**
 * Loads all classes of this project anew; those of the provider call {@link InjectedError#step} at
 * each instruction that needs memory.
 */
public final class InjectingLoader extends ChildFirstLoader {

  private static final Pattern PROVIDER =
      Pattern.compile("org\\.memjcache\\.(internal\\.|[A-Z]).*");

  /** Methods of the JDK that mostly need memory, beside constructors. */
  private static final Set<String> NEED_MEMORY =
      Set.of(
          "add",
          "addAll",
          "addFirst",
          "addLast",
          "allocate",
          "allocateDirect",
          "append",
          "apply",
          "compute",
          "computeIfAbsent",
          "concat",
          "copyOf",
          "decode",
          "encode",
          "execute",
          "format",
          "formatted",
          "getBytes",
          "iterator",
          "join",
          "merge",
          "of",
          "offer",
          "open",
          "parse",
          "put",
          "putAll",
          "putIfAbsent",
          "read",
          "register",
          "schedule",
          "split",
          "start",
          "stream",
          "submit",
          "substring",
          "toArray",
          "toString",
          "valueOf",
          "wrap",
          "write");

  public InjectingLoader() {
    super(InjectingLoader.class.getClassLoader(), name -> name.startsWith("org.memjcache."));
  }

  @Override
  protected byte[] transform(String name, byte[] bytes) {
    return PROVIDER.matcher(name).matches() ? withSteps(bytes) : bytes;
  }

  private static byte[] withSteps(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(0); // a call without arguments needs no stack
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor method =
                super.visitMethod(access, name, descriptor, signature, exceptions);
            return name.equals("<clinit>") ? new Initializer(method) : new Steps(method);
          }
        },
        0);
    return writer.toByteArray();
  }

  private static void call(MethodVisitor method, String name) {
    String owner = InjectedError.class.getName().replace('.', '/');
    method.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, "()V", false);
  }

  /**
   * Has no step fail in a static initializer, nor in what it calls: a class whose initializer has
   * failed is lost to its JVM for good.
   */
  private static final class Initializer extends MethodVisitor {

    Initializer(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      call(mv, "initializerBegins");
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode == Opcodes.RETURN) {
        call(mv, "initializerEnds");
      }
      super.visitInsn(opcode);
    }
  }

  /** Puts a step at each instruction that needs memory. */
  private static final class Steps extends MethodVisitor {

    Steps(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    private void step() {
      call(mv, "step");
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      if (opcode == Opcodes.ANEWARRAY) {
        step();
      }
      super.visitTypeInsn(opcode, type);
      if (opcode == Opcodes.NEW) {
        step(); // not before it: stack maps name the place where an object was created
      }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      if (opcode == Opcodes.NEWARRAY) {
        step();
      }
      super.visitIntInsn(opcode, operand);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      step();
      super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      if (owner.startsWith("java/") && NEED_MEMORY.contains(name)) {
        step();
      }
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }
  }
}
