"""A mail server with a memory, bad days and a slow hand, speaking real SMTP on a port of its own."""

import email
import email.policy
import socketserver
import threading
import time


class MailServer:
    """`refuse` maps an address to the answer to its RCPT; `hang_up` counts connections to drop after the text came,
    before it is acknowledged; `delay` is in seconds per mail."""

    def __init__(self):
        self.messages, self.connections = [], 0
        self.refuse, self.hang_up, self.delay = {}, 0, 0.0
        self.arrived = threading.Condition()

    def __enter__(self):
        mail_server = self

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                mail_server.converse(self.rfile, self.wfile)

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def converse(self, heard, told):
        self.connections += 1

        def say(line):
            told.write(line.encode() + b"\r\n")

        say("220 a mail server")
        for line in iter(heard.readline, b""):
            verb = line.decode().strip().upper()
            if verb.startswith(("EHLO", "HELO", "MAIL", "RSET", "NOOP")):
                say("250 fine")
            elif verb.startswith("RCPT"):
                say(self.refuse.get(line.decode().split("<")[1].split(">")[0], "250 fine"))
            elif verb.startswith("DATA"):
                say("354 go on")
                text = b"".join(iter(heard.readline, b".\r\n"))
                time.sleep(self.delay)
                if self.hang_up:
                    self.hang_up -= 1
                    return
                with self.arrived:
                    self.messages.append(email.message_from_bytes(text, policy=email.policy.default))
                    self.arrived.notify_all()
                say("250 taken")
            elif verb.startswith("QUIT"):
                say("221 bye")
                return

    def wait_for(self, count, seconds):
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.messages) >= count, seconds)
