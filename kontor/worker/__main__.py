from kontor.worker import main

main()
