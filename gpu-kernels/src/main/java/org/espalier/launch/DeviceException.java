package org.espalier.launch;

/** A device is not there, cannot run a kernel, or runs it wrongly. The message says what to do or which kernel. */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
