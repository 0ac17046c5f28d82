package dev.mekiki.benchmarks.scale;

import com.sun.management.OperatingSystemMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// Another JVM of this machine and user, seen through its management beans.
final class RemoteJvm implements AutoCloseable {
  private final JMXConnector connector;
  private final MemoryMXBean memory;
  private final OperatingSystemMXBean system;

  private RemoteJvm(JMXConnector connector) throws IOException {
    this.connector = connector;
    MBeanServerConnection beans = connector.getMBeanServerConnection();
    memory =
        ManagementFactory.newPlatformMXBeanProxy(
            beans, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
    system =
        ManagementFactory.newPlatformMXBeanProxy(
            beans, ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME, OperatingSystemMXBean.class);
  }

  /// Connects to a process.
  ///
  /// @throws IOException where it is no JVM, or of another user
  @SuppressWarnings("BanJNDI") // The address is what a process of ours answered, no input.
  static RemoteJvm of(long pid) throws IOException {
    VirtualMachine machine;
    try {
      machine = VirtualMachine.attach(Long.toString(pid));
    } catch (AttachNotSupportedException e) {
      throw new IOException("process %d cannot be attached to".formatted(pid), e);
    }
    try {
      return new RemoteJvm(
          JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
    } finally {
      machine.detach();
    }
  }

  /// Live bytes of its heap: after two full collections, as the first may leave what references and
  /// cleaners still hold.
  long liveHeapBytes() {
    memory.gc();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  /// CPU time that it has used since its start, with compiler and collector.
  long cpuNanos() {
    return system.getProcessCpuTime();
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
