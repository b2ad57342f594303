"""A mail server for tests that takes e-mails over TLS alone: from the first byte ("tls") or after STARTTLS ("starttls").

Says its port, then one line for each e-mail: its recipient. certificate.pem is good for 127.0.0.1 and for those who trust
authority.pem; its key is no secret.
"""

import os
import socket
import ssl
import sys

folder = os.path.dirname(os.path.abspath(__file__))
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(folder, "certificate.pem"))
begins_with_tls = sys.argv[1] == "tls"


def serve(stream, is_safe):
    if is_safe:
        stream = context.wrap_socket(stream, server_side=True)
    lines = stream.makefile("rb")

    def say(text):
        stream.sendall(text.encode() + b"\r\n")

    if is_safe == begins_with_tls:
        say("220 sink ESMTP")
    recipient = ""
    for line in lines:
        verb = line.strip().upper()
        if verb.startswith(b"EHLO"):
            say("250-sink\r\n250-8BITMIME\r\n250 HELP" if is_safe else "250-sink\r\n250 STARTTLS")
        elif verb == b"STARTTLS" and not is_safe:
            say("220 Go on")
            return serve(stream, True)
        elif not is_safe:
            say("530 5.7.0 Must issue a STARTTLS command first")
        elif verb.startswith(b"RCPT"):
            recipient = line.decode().strip().split("<")[1].rstrip(">")
            say("250 Fine")
        elif verb == b"DATA":
            say("354 Go on")
            while lines.readline().strip(b"\r\n") != b".":
                pass
            print(recipient, flush=True)
            say("250 Fine")
        elif verb == b"QUIT":
            return say("221 Bye")
        else:
            say("250 Fine")


server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    stream, _ = server.accept()
    try:
        serve(stream, begins_with_tls)
    except (OSError, ssl.SSLError) as error:
        print("refused", error, file=sys.stderr)
    finally:
        stream.close()
